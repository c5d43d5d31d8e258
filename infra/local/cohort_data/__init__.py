"""What the demo cohort is drawn from. Made up for this project: nobody in it exists."""
