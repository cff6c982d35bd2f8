"""From a plan or report as it is written to rows of a commune's raw tables: read, understand, propose, accept.

``outline`` cuts the file into statements under their headings, ``measures`` finds the figures of a statement, ``meaning``
says of which criterion, year and kind it is, ``stated``, ``tasks`` and ``declared`` make rows, ``whole_text`` asks them statement by statement, ``assessed`` reads tables,
``proposing`` writes what a person looks through, ``taking`` appends what that person accepted.
"""
