using System.Buffers.Binary;
using System.Text;
using TransformerClinic.Fuzz;
using TransformerClinic.Tests.Fuzz;

namespace TransformerClinic.Tests.Interop.Safetensors;

/// <summary>
/// A short run of tests/Fuzz, which runs for as long as one likes (docs/reliability.md), on reader and writer of
/// safetensors.
/// </summary>
[Trait("Speed", "Slow")]
public class SafetensorsFuzzTests
{
    [Theory]
    [InlineData("reader", 25, 60)]
    [InlineData("writer", 20, 60)]
    public void Any_input_is_refused_or_read(string target, int fewest, int most) =>
        ShortFuzz.AssertNothingFound(target, fewest, most);

    [Theory]
    [InlineData("{x}", "{tr\u00fce}", "{'}", "{'a' is an invalid start of a value. 'b'}", "{\u2028}")]
    [InlineData(
        "{\"a\":{\"b\":\"c\"}}",
        "{\"it's\":{}}",
        "{\"'\":{}}",
        "{\"a' occurs twice 'b\":{}}",
        "{\"LineNumber: 1 | Path: $.x\":{\"dtype\":7}}"
    )]
    [InlineData(
        "{\"a\":{\"dtype\":\"F8\",\"shape\":[],\"data_offsets\":[0,0]}}",
        "{\"b 'c\":{\"dtype\":\"it's \\\"F9\",\"shape\":[3],\"data_offsets\":[1,7]}}"
    )]
    public void Headers_that_are_refused_for_one_reason_have_one_outcome(params string[] headers)
    {
        using var target = new ReaderTarget();
        var outcomes = headers.Select(header =>
        {
            var bytes = Encoding.UTF8.GetBytes(header);
            var length = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
            return target.Run([.. length, .. bytes]);
        });

        Assert.Single(outcomes.Distinct());
    }
}
