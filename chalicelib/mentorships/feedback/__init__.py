"""What the two people of a mentorship say of it: pulses, surveys, and what coordinators learn from them."""
