"""A Modbus server that is not ours (pymodbus): registers from standard input, one "unit address words..." a line."""

import asyncio
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.framer import FramerType
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer


def context():
    units = {}
    for line in sys.stdin:
        unit, address, *words = line.split()
        block = units.setdefault(int(unit), {})
        for offset, word in enumerate(words):
            block[int(address) + offset] = int(word, 16)
    # pymodbus counts registers from 1: the block is shifted by one against protocol addresses.
    slaves = {
        unit: ModbusSlaveContext(hr=ModbusSparseDataBlock({address + 1: word for address, word in block.items()}))
        for unit, block in units.items()
    }
    return ModbusServerContext(slaves=slaves, single=False)


async def main(kind, place):
    served = context()
    print("ready", flush=True)
    if kind == "tcp":
        await StartAsyncTcpServer(served, address=("127.0.0.1", int(place)))
    else:
        framer = FramerType.RTU if kind == "rtu" else FramerType.ASCII
        await StartAsyncSerialServer(served, framer=framer, port=place, baudrate=19200, bytesize=8, parity="N")


asyncio.run(main(sys.argv[1], sys.argv[2]))
