"""Scenarios, works, money, people and time, and what it takes.

| module | is |
|---|---|
| ``scenario_model``, ``scenario``, ``scenario_file``, ``scenario_text``, ``funding`` | what a planner assumes: read, applied, written |
| ``side_by_side``, ``live`` | a scenario judged: beside others, under the planner's hands |
| ``needs``, ``growth`` | the smallest number that is enough |
| ``optimise``, ``relax``, ``choices`` (``milp``) | the cheapest plan, the limit that binds, what must give |
| ``simulate``, ``planned`` | how sure a plan is |
| ``works``, ``money`` | state, cost, debt; sources of funds |
| ``calendar`` | what is due when, and the .ics file |
| ``progress``, ``villages`` | done against planned, month by month and village by village; who answers, who has reported |
"""
