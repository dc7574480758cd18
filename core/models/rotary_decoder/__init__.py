"""The modern decoders' shared model: every option of core.families.rotary in one place."""
