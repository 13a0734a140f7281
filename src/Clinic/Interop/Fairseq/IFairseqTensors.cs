using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>Tensors with fairseq's names, as <see cref="FairseqNames"/> has them.</summary>
internal interface IFairseqTensors
{
    /// <summary>The file that they are from, for messages.</summary>
    string Path { get; }

    /// <summary>Their names.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Whether there is a tensor of a name.</summary>
    bool Has(string name);

    /// <summary>A tensor in the type that it is stored in, on the CPU, owned by the current dispose scope.</summary>
    /// <exception cref="UserErrorException">The file does not have all of it.</exception>
    Tensor Read(string name);
}
