using System.Numerics;
using System.Text;
using TransformerClinic.Interop.Pickle;

namespace TransformerClinic.Tests.Interop.Pickle;

public class UnpicklerTests
{
    private const long Plenty = 1 << 20;

    [Fact]
    public void Values_of_every_kind_come_back_as_they_were_written()
    {
        var dictionary = new PickleDictionary();
        dictionary.Entries.AddRange([("layers", 6L), ("rate", 0.1), (3L, new List<object?> { true, false, null })]);
        var call = new PickleCall(new PickleName("argparse", "Namespace"), []) { State = dictionary };
        call.Items.Add("ä");
        call.Entries.Entries.Add(("key", -5_000_000_000L));
        var read = Assert.IsType<PickleCall>(Read(Written(call)));

        Assert.Equal("argparse.Namespace", read.Callee.Full);
        Assert.Empty(read.Arguments);
        Assert.Equal(["ä"], read.Items);
        Assert.Equal(-5_000_000_000L, read.Entries["key"]);
        var state = Assert.IsType<PickleDictionary>(read.State);
        Assert.Equal(6L, state["layers"]);
        Assert.Equal(0.1, state["rate"]);
        Assert.Equal([true, false, null], Assert.IsType<List<object?>>(state.Entries[2].Value));
        Assert.False(state.Has("missing"));
    }

    [Fact]
    public void References_names_and_tuples_come_back_as_they_were_written()
    {
        var tuple = new object?[] { new PickleName("torch", "FloatStorage"), Array.Empty<object?>(), 255L };
        var read = Assert.IsType<PicklePersistentId>(Read(Written(new PicklePersistentId(tuple))));

        var values = Assert.IsType<object?[]>(read.Id);
        Assert.Equal(tuple[0], values[0]);
        Assert.Empty(Assert.IsType<object?[]>(values[1]));
        Assert.Equal(255L, values[2]);
    }

    [Fact]
    public void Of_entries_with_the_same_key_the_last_one_counts()
    {
        var dictionary = new PickleDictionary();
        dictionary.Entries.AddRange([("a", 1L), ("b", 2L), ("a", 3L)]);
        var read = Assert.IsType<PickleDictionary>(Read(Written(dictionary)));

        Assert.Equal(3L, read["a"]);
        Assert.Equal(["a", "b"], read.Named().Keys);
        Assert.Equal(3L, read.Named()["a"]);
    }

    [Fact]
    public void Numbers_longer_than_64_bits_are_read()
    {
        var magic = new BigInteger([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);

        Assert.Equal(magic, Read([0x80, 2, 0x8a, 10, .. magic.ToByteArray(), (byte)'.']));
    }

    [Fact]
    public void A_list_that_contains_itself_is_read_and_never_followed()
    {
        // ] memoize, get, append: l = []; l.append(l)
        var list = Assert.IsType<List<object?>>(Read("\u0080\u0002]q\0h\0a."));

        Assert.Same(list, Assert.Single(list));
    }

    [Theory]
    [InlineData("cos\nsystem\nX\u0004\0\0\0echo\u0085R.", "os.system")]
    [InlineData("cposix\nsystem\n(X\u0004\0\0\0echotR.", "posix.system")]
    [InlineData("c__builtin__\neval\n)\u0081.", "__builtin__.eval")]
    [InlineData("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093)R.", "os.system")]
    [InlineData("cfairseqx.models\nrun\n)R.", "fairseqx.models.run")]
    [InlineData("ccollections\nOrderedDict\n)R)R.", "what collections.OrderedDict returns")]
    public void A_call_that_no_checkpoint_needs_is_named(string pickle, string called) =>
        Assert.Equal(called, Assert.Throws<PickleCallException>(() => Read(pickle)).Callee);

    [Fact]
    public void A_name_that_is_not_called_is_only_a_name() =>
        Assert.Equal(new PickleName("os", "system"), Read("cos\nsystem\n."));

    [Theory]
    [InlineData("")]
    [InlineData(".")] // nothing on the stack
    [InlineData("NN.")]
    [InlineData("(N.")]
    [InlineData("t.")]
    [InlineData("(Na.")] // nothing to append to
    [InlineData("](e")]
    [InlineData("NNs.")]
    [InlineData("}(Nu.")] // a key without a value
    [InlineData("h\u0005.")] // nothing in the memo
    [InlineData("q\0.")]
    [InlineData("N}b.")] // state of what was not called
    [InlineData("NNR.")]
    [InlineData("NN\u0093.")]
    [InlineData("\u0080\u0009N.")] // protocol 9
    [InlineData("I12\n.")] // an opcode of protocol 0
    [InlineData("X\u00ff\u00ff\u00ff\u007fa.")] // 2 GiB of text
    [InlineData("T\u00ff\u00ff\u00ff\u00ffa.")] // text of negative length
    [InlineData("\u0095\0\0\0\0")]
    [InlineData("cmodule without an end")]
    public void What_is_not_a_pickle_is_refused(string pickle) => Assert.Throws<FormatException>(() => Read(pickle));

    [Fact]
    public void Nesting_and_memory_have_limits()
    {
        Assert.Throws<FormatException>(() => Read(new string('(', 1001)));
        // Small in the file, large in memory: empty lists, entries of the memo.
        Assert.Throws<FormatException>(() => Read(new string(']', 20_000)));
        Assert.Throws<FormatException>(() =>
            Read(
                "N" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"r{(char)(i % 256)}{(char)(i / 256)}\0\0"))
            )
        );
    }

    private static object? Read(string bytes) => Read(Encoding.Latin1.GetBytes(bytes));

    private static object? Read(byte[] bytes) =>
        Unpickler.Read(new PickleSource(new MemoryStream(bytes), bytes.Length, Plenty));

    private static byte[] Written(object? value)
    {
        using var stream = new MemoryStream();
        PickleWriter.Write(stream, value);
        return stream.ToArray();
    }
}
