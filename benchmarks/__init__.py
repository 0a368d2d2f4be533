"""Speed and quality, each figure beside a peer or a floor of the same run.

A benchmark is one file, ``speed/bench_X.py`` or ``quality/bench_X.py``, that holds one function,
``measure(size, shared)``: see `benchmarks.contract`. ``python -m benchmarks`` finds it by itself.
"""
