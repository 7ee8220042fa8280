"""The plugins that ship with tracker; each module that implements hooks is one."""
