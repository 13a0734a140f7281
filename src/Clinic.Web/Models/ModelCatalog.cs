using TransformerClinic.Common;

namespace TransformerClinic.Web.Models;

/// <summary>
/// The models of a folder, one for each folder in it; a folder that is itself a model or a run is the only one. Models
/// that appear, are replaced or removed are taken up by <see cref="Refresh"/>; requests that use a replaced model
/// finish with it.
/// </summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly string _folder;
    private readonly Action<string> _say;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private sealed record Entry(ModelFolderState State, ServedModel? Model, string? Problem);

    /// <summary>Loads all models.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="say">Receives a line for every model that is loaded, replaced, removed or damaged.</param>
    /// <exception cref="UserErrorException">There is no such folder, or no model in it could be loaded.</exception>
    public ModelCatalog(string folder, Action<string> say)
    {
        (_folder, _say) = (folder, say);
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder}: there is no such folder to take models from.");
        }

        Refresh();
        if (Models.Count == 0)
        {
            var problems = Problems;
            Dispose();
            throw new UserErrorException(
                problems.Count == 0
                    ? $"{folder}: there is no model in it. It holds a folder for each model: model folders or run "
                        + "folders."
                    : $"{folder}: no model could be loaded. {problems.First().Value}"
            );
        }
    }

    /// <summary>The loaded models by name.</summary>
    public IReadOnlyList<ServedModel> Models
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _entries
                        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                        .Select(entry => entry.Value.Model)
                        .OfType<ServedModel>(),
                ];
            }
        }
    }

    /// <summary>Why a folder's newest model could not be loaded, by name.</summary>
    public IReadOnlyDictionary<string, string> Problems
    {
        get
        {
            lock (_lock)
            {
                return _entries
                    .Where(entry => entry.Value.Problem is not null)
                    .ToDictionary(entry => entry.Key, entry => entry.Value.Problem!);
            }
        }
    }

    /// <summary>The first model by name that fits; null asks for nothing in particular.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="source">The language that it reads; upper and lower case are the same.</param>
    /// <param name="target">The language that it writes.</param>
    /// <returns>A lease to dispose after use; null if no model fits.</returns>
    public ModelLease? Find(string? name = null, string? source = null, string? target = null)
    {
        lock (_lock)
        {
            var found = Models.FirstOrDefault(model =>
                (name is null || model.Name == name)
                && IsOrNull(source, model.SourceLanguage)
                && IsOrNull(target, model.TargetLanguage)
            );
            return found?.TryEnter() == true ? new ModelLease(found) : null;
        }
    }

    /// <summary>Takes up what changed in the folder. A damaged model leaves the one it was to replace in use.</summary>
    public void Refresh()
    {
        var folders = Folders();
        foreach (var (name, folder) in folders)
        {
            if (ModelFolderState.Of(folder) is { } state && StateOf(name) != state)
            {
                Take(name, folder, state);
            }
        }

        foreach (var name in Names().Except(folders.Keys))
        {
            Replace(name, null);
            _say($"model {name}: removed");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var name in Names())
        {
            Replace(name, null);
        }
    }

    private static bool IsOrNull(string? wanted, string language) =>
        wanted is null || string.Equals(wanted, language, StringComparison.OrdinalIgnoreCase);

    private Dictionary<string, string> Folders()
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_folder));
        return ModelFolderState.Of(whole) is not null
            ? new() { [Path.GetFileName(whole)] = whole }
            : new DirectoryInfo(whole)
                .EnumerateDirectories()
                .Where(folder => folder.Name[0] != '.' && ModelFolderState.Of(folder.FullName) is not null)
                .ToDictionary(folder => folder.Name, folder => folder.FullName, StringComparer.Ordinal);
    }

    private List<string> Names()
    {
        lock (_lock)
        {
            return [.. _entries.Keys];
        }
    }

    private ModelFolderState? StateOf(string name)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(name, out var entry) ? entry.State : null;
        }
    }

    private void Take(string name, string folder, ModelFolderState state)
    {
        try
        {
            var model = ServedModel.Load(folder, name);
            Replace(name, new Entry(state, model, null));
            _say($"model {name}: {model.SourceLanguage} to {model.TargetLanguage}, loaded");
        }
        catch (UserErrorException mistake)
        {
            lock (_lock)
            {
                _entries[name] = new Entry(state, _entries.GetValueOrDefault(name)?.Model, mistake.Message);
            }

            _say($"model {name}: not loaded. {mistake.Message}");
        }
    }

    private void Replace(string name, Entry? entry)
    {
        ServedModel? old;
        lock (_lock)
        {
            old = _entries.GetValueOrDefault(name)?.Model;
            if (entry is null)
            {
                _entries.Remove(name);
            }
            else
            {
                _entries[name] = entry;
            }
        }

        old?.Leave();
    }
}
