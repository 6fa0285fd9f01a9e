package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.AbstractList;
import java.util.List;
import jenkins.util.io.OnMaster;

/** All extensions of a type. Without Jenkins there are none. */
public class ExtensionList<T> extends AbstractList<T> implements OnMaster {
    private final List<T> extensions = List.of();

    protected ExtensionList() {}

    @NonNull
    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>();
    }

    @NonNull
    public static <U> U lookupSingleton(Class<U> type) {
        throw new IllegalStateException("Expected 1 instance of " + type.getName() + " but got 0");
    }

    @CheckForNull
    public <U extends T> U get(@NonNull Class<U> type) {
        return null;
    }

    @Override
    public T get(int index) {
        return extensions.get(index);
    }

    @Override
    public int size() {
        return extensions.size();
    }
}
