"""Primary sources: what a public register says of a claim, and how its name compares with the claim's."""
