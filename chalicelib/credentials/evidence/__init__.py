"""Files by which a person shows a claim: sent into quarantine, looked at, kept for as long as they are needed."""
