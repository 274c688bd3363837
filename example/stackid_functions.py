#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Which functions were hit how often, by libstackid.

Usage: stackid_functions.py [FILE]

Prints for each function of FILE (stackid.data) how many events hit it itself, and how many hit it or what it called: what
'stackid report' shows as Self and Children. $LIBSTACKID names the library if it is not installed. Exits with 2 if something
of the file was missing or wrong.
"""
import collections
import ctypes
import os
import sys


class Event(ctypes.Structure):
    _fields_ = [("time", ctypes.c_uint64), ("generation", ctypes.c_uint64), ("lost", ctypes.c_uint64),
                ("values", ctypes.c_uint64 * 4), ("comm", ctypes.c_char_p), ("tid", ctypes.c_uint32),
                ("pid", ctypes.c_uint32), ("cpu", ctypes.c_uint32), ("stack", ctypes.c_uint32),
                ("id", ctypes.c_uint32), ("event", ctypes.c_uint16), ("kind", ctypes.c_uint8),
                ("nr_values", ctypes.c_uint8)]


class Frame(ctypes.Structure):
    _fields_ = [("pc", ctypes.c_uint64), ("symbol", ctypes.c_char_p), ("module", ctypes.c_char_p),
                ("number", ctypes.c_uint32), ("offset", ctypes.c_uint32), ("exact", ctypes.c_uint32),
                ("reserved", ctypes.c_uint32)]


class Stack(ctypes.Structure):
    _fields_ = [("generation", ctypes.c_uint64), ("frames", ctypes.POINTER(Frame)), ("id", ctypes.c_uint32),
                ("nr", ctypes.c_uint32), ("depth", ctypes.c_uint32), ("undefined", ctypes.c_uint32)]


STACK, USER, EMPTY, LOST = range(4)

lib = ctypes.CDLL(os.environ.get("LIBSTACKID", "libstackid.so.0"))
lib.stackid_file_new.restype = ctypes.c_void_p
lib.stackid_file_open.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint]
lib.stackid_file_next.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.POINTER(Event))]
lib.stackid_file_stack.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(ctypes.POINTER(Stack))]
lib.stackid_file_message.argtypes = [ctypes.c_void_p]
lib.stackid_file_message.restype = ctypes.c_char_p
lib.stackid_file_warning.argtypes = [ctypes.c_void_p, ctypes.c_uint]
lib.stackid_file_warning.restype = ctypes.c_char_p
lib.stackid_file_close.argtypes = [ctypes.c_void_p]


def check(file, result):
    """Ends with the library's sentence if a call failed."""
    if result < 0:
        sys.exit(lib.stackid_file_message(file).decode())
    return result


def count_stacks(file):
    """How often each stack was hit; those without one by what they are."""
    counts = collections.Counter()
    event = ctypes.POINTER(Event)()
    while check(file, lib.stackid_file_next(file, ctypes.byref(event))):
        hit = event.contents
        if hit.kind != LOST:
            counts[hit.stack or {USER: "[user]", EMPTY: "[no stack]"}[hit.kind]] += 1
    return counts


def functions_of(file, number):
    """The names in a stack, innermost first; "[cut]" stands for what was too deep."""
    if isinstance(number, str):
        return [number]
    stack = ctypes.POINTER(Stack)()
    check(file, lib.stackid_file_stack(file, number, ctypes.byref(stack)))
    found = stack.contents
    if found.undefined:
        return ["[unknown]"]
    names = [found.frames[i].symbol.decode() for i in range(found.nr)]
    return names + ["[cut]"] * (found.depth > found.nr)


def main():
    file = lib.stackid_file_new()
    check(file, lib.stackid_file_open(file, os.fsencode((sys.argv[1:] or ["stackid.data"])[0]), 0))
    itself, with_callees = collections.Counter(), collections.Counter()
    for number, hits in count_stacks(file).items():
        names = functions_of(file, number)
        itself[names[0]] += hits
        for name in set(names):
            with_callees[name] += hits
    for name, hits in sorted(with_callees.items(), key=lambda row: (-row[1], row[0])):
        print(f"{itself[name]:12} {hits:12}  {name}")
    damaged, number = False, 0
    while warning := lib.stackid_file_warning(file, number):
        print(warning.decode(), file=sys.stderr)
        damaged, number = True, number + 1
    lib.stackid_file_close(file)
    return 2 if damaged else 0


if __name__ == "__main__":
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__.strip())
        sys.exit()
    sys.exit(main())
