package hudson;

/** The plugins. */
public abstract class PluginManager {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public PluginWrapper whichPlugin(Class c) {
        return null;
    }

    public final ClassLoader uberClassLoader = PluginManager.class.getClassLoader();
}
