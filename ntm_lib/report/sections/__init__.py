"""The pages of the three notebooks: from a ``Report`` to blocks. No verdict is computed here."""
