"""Scenarios, works, money, people and time, and what it takes.

| module | is |
|---|---|
| ``scenario_model``, ``scenario``, ``scenario_file`` | what a planner assumes: read, applied, written |
| ``side_by_side``, ``live`` | a scenario judged: beside others, under the planner's hands |
| ``needs`` | the smallest number that is enough |
| ``optimise``, ``relax``, ``choices`` | the cheapest plan, the limit that binds, what must give |
| ``simulate`` | how sure a plan is |
| ``works``, ``money`` | state, cost, debt; sources of funds |
| ``calendar`` | what is due when, and the .ics file |
| ``progress``, ``villages`` | done against planned, month by month and village by village; who answers, who has reported |
"""
