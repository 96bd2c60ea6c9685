"""The processor that kernels are compiled for, and run on."""

from llvmlite import binding


def machine() -> binding.TargetMachine:
    """The one at hand, with all that it can do, as numba compiles for it."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_triple(binding.get_process_triple()).create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )
