"""Writes the binary fixtures of test/golden/io/ with numpy and pyarrow: small files whose cells test/io/ repeats.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 pyarrow==26.0.1
    venv/bin/python test/golden/io.py
"""
import datetime, decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

HERE = Path(__file__).parent / "io"
HERE.mkdir(exist_ok=True)

# every layout of numbers: 0.5, 1.5 … in 2 × 3, in both orders of bytes and of rows
grid = np.arange(6).reshape(2, 3)
ARRAYS = {
    "f8": grid + 0.5,
    "f4-big": (grid + 0.5).astype(">f4"),
    "f2": np.array([0.0, -0.0, 1.5, -2.0, 65504.0, 6e-8, np.inf, np.nan], "<f2"),
    "f8-fortran": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "i1": np.array([-128, 0, 127], "i1"),
    "u1": np.array([0, 255], "u1"),
    "i2-big": np.array([-32768, 32767], ">i2"),
    "u2": np.array([0, 65535], "<u2"),
    "i4": np.array([-(2**31), 2**31 - 1], "<i4"),
    "u4-big": np.array([0, 2**32 - 1], ">u4"),
    "i8": np.array([-(2**53) + 1, 2**53 - 1], "<i8"),
    "i8-large": np.array([-(2**63), 2**63 - 1], "<i8"),
    "u8-large": np.array([0, 2**64 - 1], "<u8"),
    "b1": np.array([[True, False], [False, True]]),
    "U": np.array(["", "yes", "straße", "日本", "🌊"]),
    "U-big": np.array(["no", "yes"], ">U3"),
    "S": np.array([b"", b"yes", b"no"]),
    "scalar": np.array(2.5),
    "empty": np.empty((0, 3)),
    "object": np.array([1, "a", None], object),
    "complex": np.array([1 + 2j]),
    "date": np.array(["2020-01-01"], "M8[D]"),
    "record": np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f8")]),
}
for name, array in ARRAYS.items():
    np.save(HERE / f"{name}.npy", array, allow_pickle=True)

utc = datetime.timezone.utc
TABLE = pa.table(
    {
        "int8": pa.array([-128, 0, 1, 127], pa.int8()),
        "uint16": pa.array([0, 1, 2, 65535], pa.uint16()),
        "uint32": pa.array([0, 1, 2, 2**32 - 1], pa.uint32()),
        "int64": pa.array([-(2**53) + 1, 0, 1, 2**53 - 1], pa.int64()),
        "int64null": pa.array([1, None, 3, 4], pa.int64()),
        "large": pa.array([-(2**63), 0, 1, 2**63 - 1], pa.int64()),
        "uint64": pa.array([0, 1, 2, 2**64 - 1], pa.uint64()),
        "float16": pa.array(np.array([0.5, 1.5, -2.0, 65504.0], np.float16)),
        "float32": pa.array([0.5, 1.5, -2.0, 3.25], pa.float32()),
        "double": pa.array([0.1, float("nan"), -0.0, 1e300], pa.float64()),
        "doublenull": pa.array([0.1, None, 2.0, None], pa.float64()),
        "bool": pa.array([True, False, None, True]),
        "text": pa.array(["a", "", None, "straße 🌊"]),
        "category": pa.array(["red", "blue", None, "red"]).dictionary_encode(),
        "date": pa.array([datetime.date(2020, 2, 29), None, datetime.date(1969, 12, 31), datetime.date(1970, 1, 1)]),
        "seconds": pa.array([0, 1, None, 1600000000], pa.timestamp("s")),
        "micros": pa.array([datetime.datetime(2020, 1, 2, 3, 4, 5, 678000, utc)] * 4, pa.timestamp("us", "UTC")),
        "nanos": pa.array([1500000000123456789, None, 0, 1], pa.timestamp("ns")),
        "decimal": pa.array([decimal.Decimal("1.15"), None, decimal.Decimal("-0.01"), decimal.Decimal("12345678.90")], pa.decimal128(12, 2)),
        "nothing": pa.array([None] * 4, pa.null()),
    }
)
pq.write_table(TABLE, HERE / "pyarrow.parquet")
# pages of the second version, several row groups and pages, other encodings
pq.write_table(
    TABLE.drop_columns(["bool"]),
    HERE / "pyarrow-v2.parquet",
    version="2.6",
    data_page_version="2.0",
    row_group_size=3,
    use_dictionary=["text"],
    column_encoding={"int64": "DELTA_BINARY_PACKED", "int64null": "DELTA_BINARY_PACKED", "int8": "DELTA_BINARY_PACKED", "double": "BYTE_STREAM_SPLIT"},
)
pq.write_table(pa.table({"text": ["prefix one", "prefix two", None, "other"] * 20}), HERE / "delta.parquet", use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"})
pq.write_table(pa.table({"x": list(range(1000)), "y": ["a", "b", None, "b", "b"] * 200}), HERE / "pages.parquet", data_page_size=512, write_batch_size=100, compression="none")
pq.write_table(pa.table({"x": [1.5, 2.5]}), HERE / "gzip.parquet", compression="gzip")
pq.write_table(pa.table({"x": [1.5, 2.5], "list": [[1], [2, 3]], "record": [{"a": 1}, {"a": 2}]}), HERE / "nested.parquet")
pa.feather.write_feather(TABLE, HERE / "pyarrow.arrow", compression="uncompressed", chunksize=3)
pa.feather.write_feather(TABLE.select(["double"]), HERE / "lz4.arrow", compression="lz4")
with pa.ipc.new_stream(HERE / "pyarrow.arrows", TABLE.schema) as stream:
    stream.write_table(TABLE, max_chunksize=3)
with pa.ipc.new_file(HERE / "nested.arrow", pa.schema([("x", pa.float64()), ("list", pa.list_(pa.int64()))])) as file:
    file.write_table(pa.table({"x": [1.5, 2.5], "list": [[1], [2, 3]]}))
