"""``.gitignore``: which entries are needed, with git as the judge, and what git tracks that it should not."""
