namespace TransformerClinic.Interop.Marian;

/// <summary>A file of a model as Marian writes it: tensors by name, and the options in YAML.</summary>
internal interface IMarianFile : IDisposable
{
    /// <summary>The name of the tensor that holds the options.</summary>
    public const string OptionsName = "special:model.yml";

    /// <summary>The file's path.</summary>
    string Path { get; }

    /// <summary>The tensors by name, without the options.</summary>
    IReadOnlyDictionary<string, MarianTensor> Tensors { get; }

    /// <summary>The options, YAML; null where the file has none.</summary>
    string? Options { get; }

    /// <summary>Reads the elements of a tensor of float32.</summary>
    float[] Read(MarianTensor tensor);
}
