"""New projects from templates, and existing ones brought under the same care."""
