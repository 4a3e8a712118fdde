"""What the desk of an agency shows of each noun; `projects.ip.pages.DESK` names the functions."""
