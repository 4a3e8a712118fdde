"""Change every byte of every member of a bundle, one at a time, and count who accepts it: nobody may.

Run it with `python -m tests.trials.bundle_bytes [every nth byte]`. The second round changes a byte and signs the list of the
bundle anew with the portal's own key, so that what is left are the checks within. It ends with 1 when a change was accepted.
"""

from __future__ import annotations

import os
import sys
import time

import django


def main(step: int = 1) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.verifiers import changing, writing

    members, module, missed = writing.written(), changing.as_module(), 0
    assert changing.accepted(module, members) == (True, True), "the bundle itself must be proved"
    for relisted in (False, True):
        began, done, missed_by = time.monotonic(), 0, [0, 0]
        for name, place, bits in list(changing.changes(members, relisted=relisted))[::step]:
            answers = changing.accepted(module, changing.changed(members, name, place, relisted=relisted, bits=bits))
            done += 1
            for who, answer in enumerate(answers):
                missed_by[who] += answer
                if answer:
                    print(f"  accepted by {changing.NAMES[who]}: {name} byte {place} bit {bits}")
        seconds = time.monotonic() - began
        print(f"{'list signed anew' if relisted else 'as it is'}: {done:,} changed bytes in {seconds:.0f} s")
        for who, name in enumerate(changing.NAMES):
            print(f"  {name:<22} {done - missed_by[who]:,} of {done:,} refused")
        missed += sum(missed_by)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
