"""What a mentor and a mentee agree on before they begin: terms, signatures, and a try-out of their ways to meet."""
