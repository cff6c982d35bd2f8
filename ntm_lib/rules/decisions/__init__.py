"""From the published annex of a decision to rows of thresholds.csv: read, understand, propose, accept.

``office.opening`` reads the file into one model of cells, ``annex_rows`` finds head and rows, ``annex_values`` reads a cell by a closed grammar, ``annex_match`` sets a row beside
indicators.csv, ``proposal`` writes what a person looks through, ``accepting`` takes over what that person accepted.
"""
