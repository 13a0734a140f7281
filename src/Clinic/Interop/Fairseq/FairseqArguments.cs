using TransformerClinic.Common;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The options that a checkpoint was trained with, by fairseq's flat names such as <c>encoder_layers</c>: from
/// <c>args</c> (a Namespace; fairseq before 1.0 and Transformer-Clinic) or from <c>cfg</c> (<c>cfg.model</c> and
/// <c>cfg.task</c>, dictionaries or omegaconf's nodes; fairseq from 1.0 on).
/// </summary>
internal sealed class FairseqArguments
{
    /// <summary>The sections of <c>cfg.model</c> whose keys have the section's name in front.</summary>
    private static readonly string[] Sections = [StackName.Encoder.Word(), StackName.Decoder.Word(), "quant_noise"];

    /// <summary>What of <c>cfg.task</c> is of use.</summary>
    private static readonly string[] OfTask =
    [
        "source_lang",
        "target_lang",
        "max_source_positions",
        "max_target_positions",
    ];

    /// <summary>omegaconf's nodes are at most this deep in each other: value in node, node in container.</summary>
    private const int MostWrappings = 4;

    private readonly string _path;
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>The options in a checkpoint's content.</summary>
    /// <param name="path">The checkpoint, for messages.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="UserErrorException">There are none.</exception>
    public FairseqArguments(string path, PickleDictionary content)
    {
        _path = path;
        if (Fields(content["args"]) is { } arguments)
        {
            Add(arguments, prefix: "");
        }
        else if (Fields(content["cfg"]) is { } configuration && Fields(configuration["model"]) is { } model)
        {
            Add(model, prefix: "");
            var task = Fields(configuration["task"]) ?? new PickleDictionary();
            foreach (var key in OfTask.Where(key => task.Has(key)))
            {
                _values.TryAdd(key, Unwrapped(task[key]));
            }

            _values.TryAdd("task", Unwrapped(task["_name"]));
            _values.TryAdd("arch", Unwrapped(model["_name"]));
            _values.Remove("_name");
        }
        else
        {
            throw new UserErrorException(
                $"{path}: the checkpoint has neither 'args' nor 'cfg' with a 'model', so what model it is of is "
                    + "unknown. Checkpoints that fairseq's training saved have them."
            );
        }
    }

    /// <summary>The names of all options.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>
    /// An option's value: null, a bool, a long, a double, a string, or something else; null if missing.
    /// </summary>
    public object? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>A number without a fraction.</summary>
    /// <exception cref="UserErrorException">It has another kind of value.</exception>
    public int Integer(string name, int otherwise) =>
        this[name] switch
        {
            null => otherwise,
            long value when value == (int)value => (int)value,
            double value when value == (int)value => (int)value,
            var other => throw Wrong(name, other, "a whole number"),
        };

    /// <summary>A number.</summary>
    /// <exception cref="UserErrorException">It has another kind of value.</exception>
    public double Number(string name, double otherwise) =>
        this[name] switch
        {
            null => otherwise,
            long value => value,
            double value => value,
            var other => throw Wrong(name, other, "a number"),
        };

    /// <summary>Whether something is on.</summary>
    /// <exception cref="UserErrorException">It has another kind of value.</exception>
    public bool Flag(string name, bool otherwise = false) =>
        this[name] switch
        {
            null => otherwise,
            bool value => value,
            var other => throw Wrong(name, other, "true or false"),
        };

    /// <summary>A text.</summary>
    /// <exception cref="UserErrorException">It has another kind of value.</exception>
    public string? Text(string name) =>
        this[name] switch
        {
            null => null,
            string value => value,
            var other => throw Wrong(name, other, "a text"),
        };

    /// <summary>A value in words, for messages.</summary>
    public static string InWords(object? value) =>
        value switch
        {
            null => "None",
            bool truth => truth ? "True" : "False",
            string text => $"'{text}'",
            long or double => FormattableString.Invariant($"{value}"),
            _ => "a value of another kind",
        };

    private UserErrorException Wrong(string name, object value, string needed) =>
        new($"{_path}: the checkpoint's option '{name}' is {InWords(value)}, where {needed} is needed.");

    private void Add(PickleDictionary fields, string prefix)
    {
        foreach (var (name, value) in fields.Named())
        {
            if (prefix.Length == 0 && Sections.Contains(name) && Fields(value) is { } section)
            {
                Add(section, name + "_");
            }
            else
            {
                _values[prefix + name] = Unwrapped(value);
            }
        }
    }

    /// <summary>The fields of a dictionary, a Namespace or one of omegaconf's; null for anything else.</summary>
    private static PickleDictionary? Fields(object? value) =>
        Unwrapped(value) switch
        {
            PickleDictionary dictionary => dictionary,
            PickleCall { Callee.Full: "collections.OrderedDict" } call => call.Entries,
            PickleCall { Callee.Full: "argparse.Namespace", State: PickleDictionary state } => state,
            PickleCall { Callee.Full: "copyreg._reconstructor" or "copy_reg._reconstructor" } call
                when call.Arguments is [PickleName { Full: "argparse.Namespace" }, ..] => call.State
                as PickleDictionary,
            _ => null,
        };

    /// <summary>The value in omegaconf's nodes; one of fairseq's enumerations is its text.</summary>
    private static object? Unwrapped(object? value)
    {
        for (var i = 0; i < MostWrappings && value is PickleCall call; i++)
        {
            if (
                call.Callee.Module.StartsWith("omegaconf", StringComparison.Ordinal)
                && call.State is PickleDictionary state
            )
            {
                value = state.Has("_content") ? state["_content"] : state["_val"];
            }
            else if (
                call.Callee.Module.StartsWith("fairseq", StringComparison.Ordinal) && call.Arguments is [string or long]
            )
            {
                value = call.Arguments[0];
            }
            else
            {
                break;
            }
        }

        return value;
    }
}
