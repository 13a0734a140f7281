using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Tests.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    [Fact]
    public void A_model_is_found_by_its_name_and_by_its_languages()
    {
        TinyModels.Write(Of("b"), "de", "en");
        TinyModels.Write(Of("a"), "de", "fr");
        using var catalog = Open();

        Assert.Equal("a", NameOf(catalog.Find()));
        Assert.Equal("b", NameOf(catalog.Find("b")));
        Assert.Equal("b", NameOf(catalog.Find(source: "DE", target: "en")));
        Assert.Null(catalog.Find("c"));
        Assert.Null(catalog.Find(source: "en"));
    }

    [Fact]
    public void A_folder_that_is_itself_a_model_is_the_only_one()
    {
        TinyModels.Write(Of("mine"));
        using var catalog = new ModelCatalog(Of("mine"), _said.Add);

        Assert.Equal(["mine"], catalog.Models.Select(model => model.Name));
    }

    [Fact]
    public void Models_that_appear_are_taken_up_and_models_that_are_removed_are_gone()
    {
        TinyModels.Write(Of("first"));
        using var catalog = Open();

        TinyModels.Write(Of("second"), seed: 2);
        catalog.Refresh();
        Assert.Equal(["first", "second"], catalog.Models.Select(model => model.Name));

        Directory.Delete(Of("first"), recursive: true);
        catalog.Refresh();
        Assert.Equal(["second"], catalog.Models.Select(model => model.Name));
        Assert.Contains("model first: removed", _said);
    }

    [Fact]
    public void Who_uses_a_replaced_model_finishes_with_it()
    {
        TinyModels.Write(Of("m"), seed: 1);
        using var catalog = Open();
        using var before = catalog.Find()!;
        var translated = Translate(before.Model);

        Directory.Delete(Of("m"), recursive: true);
        TinyModels.Write(Of("m"), seed: 2);
        catalog.Refresh();
        using var after = catalog.Find()!;

        Assert.NotEqual(before.Model.WeightsHash, after.Model.WeightsHash);
        Assert.Equal(translated, Translate(before.Model));
        Assert.NotEqual(translated, Translate(after.Model));
    }

    [Fact]
    public void A_damaged_model_leaves_the_one_it_was_to_replace_in_use_and_is_read_once()
    {
        TinyModels.Write(Of("m"));
        using var catalog = Open();
        var hash = catalog.Models[0].WeightsHash;

        File.WriteAllText(Path.Combine(Of("m"), "model.safetensors"), "not weights");
        catalog.Refresh();
        catalog.Refresh();

        Assert.Equal(hash, catalog.Models[0].WeightsHash);
        Assert.Contains("model.safetensors", catalog.Problems["m"], StringComparison.Ordinal);
        Assert.Single(_said, line => line.Contains("not loaded", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_models_is_refused_in_words()
    {
        Assert.Contains(
            "there is no such folder",
            Assert.Throws<UserErrorException>(() => new ModelCatalog(Of("nowhere"), _said.Add)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "there is no model in it",
            Assert.Throws<UserErrorException>(Open).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_with_only_damaged_models_is_refused_with_the_reason()
    {
        TinyModels.Write(Of("m"));
        File.WriteAllText(Path.Combine(Of("m"), "subwords.json"), "{");

        Assert.Contains("subwords.json", Assert.Throws<UserErrorException>(Open).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ModelCatalog Open() => new(_folder.FullName, _said.Add);

    private string Of(string name) => Path.Combine(_folder.FullName, name);

    private static string? NameOf(ModelLease? lease)
    {
        using (lease)
        {
            return lease?.Model.Name;
        }
    }

    private static string Translate(ServedModel model)
    {
        var translator = model.TranslatorFor(SearchSettings.Default);
        return translator.Translate(
            [translator.Read(new TranslationRequest("Guten Morgen, die Welt")).Sentence!],
            null,
            CancellationToken.None
        )[0]!.Text;
    }
}
