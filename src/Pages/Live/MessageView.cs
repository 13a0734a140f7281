namespace TransformerClinic.Pages.Live;

/// <summary>A page that says why there is not what was asked for.</summary>
/// <param name="Heading">In a few words.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Link">Where to go from here.</param>
public sealed record MessageView(string Heading, string Message, NavigationLink Link);
