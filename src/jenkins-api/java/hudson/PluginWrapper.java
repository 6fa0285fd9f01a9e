package hudson;

/** A plugin that is installed. */
public class PluginWrapper {
    public String getVersion() {
        return "";
    }
}
