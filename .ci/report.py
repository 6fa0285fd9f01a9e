#!/usr/bin/env python3
"""Reads JUnit reports: counts tests, and prints the slowest.

usage: report.py [--slowest N] [--at-least-one] FOLDER...
       report.py --failed FOLDER...

--slowest N      prints a table of the N slowest tests
--failed         prints only the classes with a test that failed
--at-least-one   exit 1 unless a test ran that was not skipped: "0 failures" of 0 tests proves nothing
"""
import argparse
import glob
import os
import sys
import xml.etree.ElementTree as xml

arguments = argparse.ArgumentParser(usage=__doc__)
arguments.add_argument("--slowest", type=int, default=0)
arguments.add_argument("--at-least-one", action="store_true")
arguments.add_argument("--failed", action="store_true")
arguments.add_argument("folders", nargs="+")
given = arguments.parse_args()

ran, skipped, failures, tests, classes = 0, 0, 0, [], set()
for folder in given.folders:
    for file in glob.glob(os.path.join(folder, "TEST-*.xml")):
        for case in xml.parse(file).getroot().iter("testcase"):
            if case.find("skipped") is not None:
                skipped += 1
                continue
            ran += 1
            if case.find("failure") is not None or case.find("error") is not None:
                failures += 1
                classes.add(case.get("classname", ""))
            seconds = float(case.get("time", "0").replace(",", ""))
            tests.append((seconds, case.get("classname", "").rsplit(".", 1)[-1] + "." + case.get("name", "")))

if given.failed:
    for name in sorted(classes):
        print(name)
    sys.exit()
for seconds, name in sorted(tests, reverse=True)[: given.slowest]:
    print(f"{seconds:8.1f} s  {name}")
print(f"{ran} tests ran, {failures} failed, {skipped} skipped")
if given.at_least_one and ran == 0:
    print("No test ran: nothing was proven.", file=sys.stderr)
    sys.exit(1)
