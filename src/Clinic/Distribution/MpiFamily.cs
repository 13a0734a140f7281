namespace TransformerClinic.Distribution;

/// <summary>Implementations of MPI whose compiled programs can be exchanged for each other.</summary>
internal enum MpiFamily
{
    /// <summary>Open MPI.</summary>
    OpenMpi,

    /// <summary>MPICH and those that share its binary interface: Intel MPI, MVAPICH, Cray MPICH.</summary>
    Mpich,
}
