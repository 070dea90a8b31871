"""Writes state.bin as torch.save writes a state_dict, with Python's own pickle and zipfile."""
import collections, pickle, struct, sys, types, zipfile

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")


class Storage:
    def __init__(self, key, values, form):
        self.key, self.data, self.count = key, b"".join(struct.pack(form, v) for v in values), len(values)


class FloatStorage(Storage):
    pass


class LongStorage(Storage):
    pass


def _rebuild_tensor_v2(*arguments):
    raise NotImplementedError


def _rebuild_parameter(*arguments):
    raise NotImplementedError


for thing, module in [(FloatStorage, torch), (LongStorage, torch), (_rebuild_tensor_v2, utils), (_rebuild_parameter, utils)]:
    thing.__module__ = module.__name__
    thing.__qualname__ = thing.__name__
    setattr(module, thing.__name__, thing)
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.arguments = (storage, offset, shape, strides, False, collections.OrderedDict())

    def __reduce_ex__(self, protocol):
        return _rebuild_tensor_v2, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce_ex__(self, protocol):
        return _rebuild_parameter, (self.tensor, True, collections.OrderedDict())


class Pickler(pickle._Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return ("storage", type(value), value.key, "cpu", value.count)


shared = FloatStorage("0", [float(i) for i in range(300)], "<f")
steps = LongStorage("1", [7], "<q")
state = collections.OrderedDict()
state["backbone.embedding.weight"] = Tensor(shared, 0, (150, 2), (2, 1))
state["backbone.norm_f.weight"] = Parameter(Tensor(shared, 290, (2, 1, 5), (5, 5, 1)))
state["steps"] = Tensor(steps, 0, (), ())
state["lm_head.weight"] = Tensor(shared, 0, (150, 2), (2, 1))
state._metadata = collections.OrderedDict([("", {"version": 1}), ("backbone", {"version": 1})])

import io
for protocol in [2, 4]:
    out = io.BytesIO()
    Pickler(out, protocol).dump(state)
    with zipfile.ZipFile(f"state-protocol{protocol}.bin", "w", zipfile.ZIP_STORED) as archive:
        for name, data in [("data.pkl", out.getvalue()), ("byteorder", b"little"), ("data/0", shared.data), ("data/1", steps.data), ("version", b"3\n")]:
            archive.writestr(zipfile.ZipInfo("state/" + name, (1980, 1, 1, 0, 0, 0)), data)
