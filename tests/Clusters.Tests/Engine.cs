namespace TransformerClinic.Clusters.Tests;

/// <summary>An implementation of MPI with its launcher.</summary>
public enum Engine
{
    /// <summary>Open MPI.</summary>
    OpenMpi,

    /// <summary>MPICH.</summary>
    Mpich,
}
