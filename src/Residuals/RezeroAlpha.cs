using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>ReZero's alpha, <c>[1]</c>, which several connections share and one of them owns.</summary>
internal sealed class RezeroAlpha
{
    private const string Name = "alpha";
    private readonly ResidualConnection _owner;

    /// <summary>An alpha of 0, registered as the owner's parameter.</summary>
    public RezeroAlpha(ResidualConnection owner, Device? device, ScalarType? dtype)
    {
        _owner = owner;
        var alpha = new Parameter(zeros(1, dtype, device));
        alpha.DetachFromDisposeScope();
        owner.register_parameter(Name, alpha);
    }

    // Looked up, not kept: moving a module to another type or device replaces its parameters.
    public Parameter Value => _owner.get_parameter(Name)!;

    /// <summary>The branch's factor.</summary>
    public ResidualScale Scale => ResidualScale.Of(() => Value, Name);
}
