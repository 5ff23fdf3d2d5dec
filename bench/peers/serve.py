"""Answers jobs on request: a line of JSON in, a line of JSON out; the first line out names versions. The other end is bench/peer.js, the twin in JavaScript bench/serve.js."""
import json, sys, time


def serve(versions, tasks):
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = tasks[job["task"]](job)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def timed(call, repeats):
    """Milliseconds of each call, and what the last one returned."""
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(1e3 * (time.perf_counter() - start))
    return times, result
