"""Another program that listens to LSL: prints what it knows of a stream and each sample, as JSON.

python lsl_receiver.py SOURCE_ID...
"""

import json
import sys


def say(**what):
    print(json.dumps(what), flush=True)


def main(ids):
    import pylsl

    inlets = {}
    for wanted in ids:
        found = pylsl.resolve_byprop("source_id", wanted, timeout=20)
        if not found:
            sys.exit(f"no stream {wanted}; found {pylsl.resolve_streams(1)}")
        inlets[wanted] = inlet = pylsl.StreamInlet(found[0], recover=False)
        say(info=inlet.info(timeout=10).as_xml())
        inlet.open_stream(timeout=10)
    say(ready=True)
    while True:
        for wanted, inlet in inlets.items():
            values, stamp = inlet.pull_sample(timeout=0.01)
            if values is not None:
                say(id=wanted, values=values, stamp=stamp)


if __name__ == "__main__":
    main(sys.argv[1:])
