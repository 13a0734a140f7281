using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class NcclLibraryTests
{
    [Theory]
    [InlineData(2708, "2.7.8")]
    [InlineData(21805, "2.18.5")]
    [InlineData(22705, "2.27.5")]
    public void Versions_are_read_as_NCCL_numbers_them(int number, string version) =>
        Assert.Equal(version, NcclLibrary.VersionOf(number));

    [Fact]
    public void A_library_that_is_not_there_is_asked_for_in_words()
    {
        var failure = Assert.Throws<UserErrorException>(() =>
            NcclLibrary.Load("libnccl-that-nobody-has.so", () => () => true)
        );
        Assert.Equal(
            "several processes with device: cuda need NCCL, but libnccl-that-nobody-has.so cannot be loaded. Install "
                + "NVIDIA's libnccl2 on every machine, or name the file of the library in the variable CLINIC_NCCL. "
                + "One process needs no NCCL.",
            failure.Message
        );
    }

    [Fact]
    public void Another_library_is_not_taken_for_NCCL()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the file is named as on Linux");
        var failure = Assert.Throws<UserErrorException>(() => NcclLibrary.Load("libc.so.6", () => () => true));
        Assert.Contains("libc.so.6 does not have its functions", failure.Message, StringComparison.Ordinal);
    }
}
