using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// How one sublayer's branch <c>f</c>, its shortcut <c>x</c> and its normalizations are put together. A sublayer is
/// <c>call(x, f(BranchInput(x)))</c>; every variant of the science is one type derived from this, and most are no more
/// than their <see cref="Form"/>.
/// </summary>
/// <remarks>
/// Tensors are <c>[..., dim]</c>. A remedy with more than one stream travels as one tensor, too, its streams next to
/// each other in the last dimension: <see cref="BeginStack"/> makes the state from the stack's input, <see
/// cref="forward"/> advances it, <see cref="EndStack"/> makes the stack's output of it. The first <c>dim</c> channels
/// of a state are the stream that branches read, by itself or with another, unless its streams are mixed (<see
/// cref="StreamOf"/>). Such a connection
/// computes by <see cref="BranchInput"/> and <see cref="Compute"/> of its own, and has a <see cref="Form"/> only if
/// that says it.
/// </remarks>
public abstract class ResidualConnection : nn.Module<Tensor, Tensor, Tensor>
{
    internal const string ScheduleName = "schedule";

    private ResidualForm? _form;

    /// <summary>A connection over channels of the given width.</summary>
    /// <param name="name">The module's name, that of its type.</param>
    /// <param name="dim">Width of the residual stream.</param>
    protected ResidualConnection(string name, long dim)
        : base(name) => Dim = dim;

    /// <summary>Width of the residual stream.</summary>
    public long Dim { get; }

    /// <summary>
    /// The equation; null where <see cref="BranchInput"/> and <see cref="Compute"/> compute what no such equation says.
    /// What needs the equation then does without, or says that it cannot.
    /// </summary>
    public ResidualForm? Form
    {
        get => _form;
        protected init => _form = value;
    }

    /// <summary>
    /// What the branch is multiplied by while the model trains, <c>[1]</c>, a parameter that no gradient moves; null
    /// unless <see cref="ScheduleBranch"/> was called.
    /// </summary>
    internal Parameter? BranchFactor => get_parameter(ScheduleName);

    /// <summary>
    /// Looks on while the connection is applied: told its shortcut x, its branch's output f (after dropout) and the
    /// sublayer's output, each <c>[..., dim]</c>. The tensors are the pass's own: they must not be changed, and what is
    /// to outlive the call must be copied. Null at first, which costs nothing. It changes nothing, not even the
    /// rounding; a forward hook, which <c>call</c> runs, may change what goes through.
    /// </summary>
    public Action<Tensor, Tensor, Tensor>? Observer { get; set; }

    /// <summary>Whether a stack of these needs one more normalization at its end, as Pre-LN does.</summary>
    public virtual bool StackNeedsFinalNorm => false;

    /// <summary>Whether the input of a stack of these is normalized, as Peri-LN does.</summary>
    public virtual bool StackNeedsInputNorm => false;

    /// <summary>How the matrices of a branch at this connection are drawn.</summary>
    public virtual BranchInitialization BranchInitialization => BranchInitialization.Standard;

    /// <summary>
    /// Whether its scale is chosen for the depth of its stack, so that a stack of these says nothing of deeper ones.
    /// </summary>
    public virtual bool IsScaledForDepth => false;

    /// <summary>Whether a profiling pass before training sets its scale (<see cref="AdminProfiler"/>).</summary>
    internal virtual bool IsProfiled => false;

    /// <summary>
    /// Whether <c>call</c> does more just now than the form says, as where a hook is registered, or in a profiling
    /// pass, which sets the scale on the way: nobody may then compute the form in its place.
    /// </summary>
    internal virtual bool DoesMoreThanItsForm =>
        pre_hooks.Count + post_hooks.Count + module_pre_hooks.Count + module_post_hooks.Count > 0;

    /// <summary>
    /// The state that travels through the stack, from the stack's input <c>[..., dim]</c>; the input itself unless the
    /// variant has more than one stream. The stack's first connection is asked.
    /// </summary>
    public virtual Tensor BeginStack(Tensor x) => x;

    /// <summary>
    /// The stack's output <c>[..., dim]</c>, from the state after the last sublayer; the state itself unless the
    /// variant has more than one stream. The stack's last connection is asked.
    /// </summary>
    public virtual Tensor EndStack(Tensor state) => state;

    /// <summary>
    /// The stream <c>[..., dim]</c> of a state: the state itself unless it has more streams than one. Of streams that
    /// are mixed (<see cref="ResidualForm.Streams"/>) it is the sum, which the stack's end reads.
    /// </summary>
    public Tensor StreamOf(Tensor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.size(-1) == Dim ? state
            : Form?.Streams is { } streams ? streams.SumOf(state)
            : state.narrow(-1, 0, Dim);
    }

    /// <summary>
    /// The state where the sublayer hands on its shortcut, of <paramref name="output"/>'s shape: the state that came
    /// in; where the variant's state has another width here, its stream, and of other streams what the sublayer made of
    /// them.
    /// </summary>
    /// <param name="shortcut">The state that came in.</param>
    /// <param name="output">What the sublayer made of it.</param>
    internal virtual Tensor WithoutBranch(Tensor shortcut, Tensor output) =>
        shortcut.size(-1) == output.size(-1)
            ? shortcut.alias()
            : cat([StreamOf(shortcut), output.narrow(-1, Dim, output.size(-1) - Dim)], -1);

    /// <summary>
    /// What the branch reads: <c>before(x)</c>, so <c>LN(x)</c> for Pre-LN, <c>x</c> for most others.
    /// </summary>
    public virtual Tensor BranchInput(Tensor x) => Equation.BranchInput(x);

    /// <summary>
    /// The sublayer's output from its shortcut <c>x</c> and its branch's output <c>f</c> (after dropout): what
    /// <see cref="Compute"/> computes, and the observer is told. <c>call</c> runs it with the module's forward hooks.
    /// </summary>
    /// <param name="shortcut">x, <c>[..., dim]</c>, or the state that travels in its place.</param>
    /// <param name="branch">f, <c>[..., dim]</c>.</param>
    /// <returns>A tensor of its own, of the shortcut's shape.</returns>
    public sealed override Tensor forward(Tensor shortcut, Tensor branch)
    {
        var output = Compute(shortcut, branch);
        Observer?.Invoke(shortcut, branch, output);
        return output;
    }

    /// <summary>
    /// The sublayer's output for <c>x</c> with the branch <c>f</c>: <c>call(x, f(BranchInput(x)))</c>.
    /// </summary>
    public Tensor Connect(Tensor x, Func<Tensor, Tensor> branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return call(x, branch(BranchInput(x)));
    }

    /// <summary>Looks on until what it returns is disposed; whoever looks on already sees the same.</summary>
    /// <param name="observer">Told what <see cref="Observer"/> is told, under the same rules.</param>
    internal IDisposable Watch(Action<Tensor, Tensor, Tensor> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Observer += observer;
        return new Undo(() => Observer -= observer);
    }

    /// <summary>Nobody is notified of anything until what it returns is disposed.</summary>
    internal IDisposable Unobserved()
    {
        var observer = Observer;
        Observer = null;
        return new Undo(() => Observer = observer);
    }

    /// <summary>The width of a place that is not null.</summary>
    private protected static long Width(ResidualPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.Dim;
    }

    /// <summary>
    /// Multiplies the branch by <see cref="BranchFactor"/>, which is 1 until a schedule sets it. It is kept with the
    /// weights, so whoever reads them computes what training computed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The variant has no equation.</exception>
    internal void ScheduleBranch(Device? device, ScalarType? dtype)
    {
        var form = Equation;
        var factor = new Parameter(ones(1, dtype, device), requires_grad: false);
        factor.DetachFromDisposeScope();
        register_parameter(ScheduleName, factor);
        _form = form with { Branch = form.Branch.Scheduled(() => BranchFactor!, ScheduleName) };
    }

    /// <summary>What <see cref="forward"/> computes, by the variant's equation; a tensor of its own.</summary>
    /// <exception cref="InvalidOperationException">
    /// The variant has neither an equation nor a computation of its own.
    /// </exception>
    protected virtual Tensor Compute(Tensor shortcut, Tensor branch) => Equation.Compute(shortcut, branch);

    private ResidualForm Equation =>
        Form
        ?? throw new InvalidOperationException(
            $"{GetType().Name} has neither a {nameof(Form)} nor a {nameof(BranchInput)} and {nameof(Compute)} of "
                + "its own."
        );

    private sealed class Undo(Action undo) : IDisposable
    {
        private Action? _undo = undo;

        public void Dispose()
        {
            _undo?.Invoke();
            _undo = null;
        }
    }
}
