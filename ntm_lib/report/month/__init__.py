"""The monthly report and the sheets for each village."""
