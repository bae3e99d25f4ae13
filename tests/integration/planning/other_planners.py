"""Asks other planners whether problems can be solved. Reads a list of files as JSON from stdin:
[{"planner": "pyperplan" | "aries", "domain": PATH, "problem": PATH}], and writes a list of "yes", "no" or "unknown: WHY"."""

import json
import logging
import sys

logging.disable(logging.CRITICAL)


def pyperplan(domain, problem):
    from pyperplan.grounding import ground
    from pyperplan.pddl.parser import Parser
    from pyperplan.search import breadth_first_search

    parser = Parser(domain, problem)
    task = ground(parser.parse_problem(parser.parse_domain()))
    return "no" if breadth_first_search(task) is None else "yes"


def aries(domain, problem):
    import up_aries
    from unified_planning.engines import PlanGenerationResultStatus as Status
    from unified_planning.io import PDDLReader
    from unified_planning.shortcuts import get_environment

    get_environment().credits_stream = None
    answer = up_aries.Aries().solve(PDDLReader().parse_problem(domain, problem), timeout=3)
    if answer.status in (Status.SOLVED_SATISFICING, Status.SOLVED_OPTIMALLY):
        return "yes"
    if answer.status in (Status.UNSOLVABLE_PROVEN, Status.UNSOLVABLE_INCOMPLETELY):
        return "no"
    return f"unknown: {answer.status.name}"


def ask(task):
    try:
        planner = {"pyperplan": pyperplan, "aries": aries}[task["planner"]]
        return planner(task["domain"], task["problem"])
    except Exception as error:  # whatever another planner cannot do is told, not hidden
        return f"unknown: {type(error).__name__}: {error}"


json.dump([ask(task) for task in json.load(sys.stdin)], sys.stdout)
