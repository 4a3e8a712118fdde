"""The stories of the demonstration, told through the actions: who proposed what, signed, claimed and said."""
