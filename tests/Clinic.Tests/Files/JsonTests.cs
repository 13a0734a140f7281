using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class JsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private enum Colour
    {
        Red,
        DarkBlue,
    }

    [Fact]
    public void A_value_is_read_back_as_it_was_written()
    {
        var path = _folder.PathOf("example.json");
        var example = new Example("Größe </b> 1/3", 1.0 / 3) { Colour = Colour.DarkBlue };

        Json.Write(path, example);

        Assert.Equal(example, Json.Read<Example>(path));
        Assert.Equal(
            "{\"name\":\"Größe </b> 1/3\",\"size\":0.3333333333333333,\"colour\":\"dark-blue\"}",
            Json.Line(example)
        );
        Assert.DoesNotContain('\r', File.ReadAllText(path));
    }

    [Theory]
    [InlineData("{\"name\": \"a\", \"size\": 1, \"siez\": 2}")] // an unknown key
    [InlineData("{\"name\": \"a\", \"size\": 1, \"size\": 2}")] // a key twice
    [InlineData("{\"name\": \"a\"}")] // a key is missing
    [InlineData("{\"name\": null, \"size\": 1}")]
    [InlineData("{\"name\": \"a\", \"size\": \"1\"}")]
    [InlineData("{\"name\": \"a\", \"size\": 1e999}")] // would be infinity
    [InlineData("{\"name\": \"a\", \"size\": 1, \"colour\": \"green\"}")]
    [InlineData("{\"name\": \"a\", \"size\": 1")] // cut short
    [InlineData("null")]
    [InlineData("")]
    public void Anything_but_such_a_value_is_refused_with_the_files_name(string text)
    {
        var path = _folder.Write("bad.json", text);

        Assert.StartsWith(
            path,
            Assert.Throws<UserErrorException>(() => Json.Read<Example>(path)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private sealed record Example(string Name, double Size)
    {
        public Colour Colour { get; init; }
    }
}
