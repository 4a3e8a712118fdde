"""The IP register of a project: what each party brings, what is made, and who owns which share."""
