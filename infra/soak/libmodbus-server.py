"""A Modbus slave of libmodbus, through ctypes: registers from standard input, one "unit address words..." a line."""

import ctypes
import sys


class Mapping(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in (
        "nb_bits", "start_bits", "nb_input_bits", "start_input_bits",
        "nb_input_registers", "start_input_registers", "nb_registers", "start_registers",
    )] + [
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)), ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)), ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    ]


lib = ctypes.CDLL("libmodbus.so.5")
for name in ("modbus_new_tcp", "modbus_new_rtu"):
    getattr(lib, name).restype = ctypes.c_void_p
lib.modbus_mapping_new_start_address.restype = ctypes.POINTER(Mapping)

registers = {}
slave = 0
for line in sys.stdin:
    unit, address, *words = line.split()
    slave = int(unit)
    for offset, word in enumerate(words):
        registers[int(address) + offset] = int(word, 16)
first, last = min(registers), max(registers)
mapping = lib.modbus_mapping_new_start_address(0, 0, 0, 0, first, last - first + 1, 0, 0)
for address, word in registers.items():
    mapping.contents.tab_registers[address - first] = word

kind, place = sys.argv[1], sys.argv[2]
query = (ctypes.c_uint8 * 260)()
if kind == "tcp":
    context = ctypes.c_void_p(lib.modbus_new_tcp(b"127.0.0.1", int(place)))
    listening = ctypes.c_int(lib.modbus_tcp_listen(context, 1))
    if listening.value == -1:
        sys.exit("the port cannot be listened on")
else:
    context = ctypes.c_void_p(lib.modbus_new_rtu(place.encode(), 19200, ctypes.c_char(b"N"), 8, 1))
    lib.modbus_set_slave(context, slave)
    if lib.modbus_connect(context) != 0:
        sys.exit("the serial line cannot be opened")
print("ready", flush=True)
while True:
    if kind == "tcp":
        lib.modbus_tcp_accept(context, ctypes.byref(listening))
    while True:
        length = lib.modbus_receive(context, query)
        if length > 0:
            lib.modbus_reply(context, query, length, mapping)
        elif length == -1 and kind == "tcp":
            lib.modbus_close(context)
            break
