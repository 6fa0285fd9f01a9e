package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.AbstractList;
import java.util.List;
import jenkins.util.io.OnMaster;

/** What extends Jenkins in one way. Without Jenkins nothing does. */
public class ExtensionList<T> extends AbstractList<T> implements OnMaster {
    private final List<T> all = List.of();

    @NonNull
    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>();
    }

    @NonNull
    public static <U> U lookupSingleton(Class<U> type) {
        throw new IllegalStateException("no extensions without Jenkins");
    }

    @Override
    public T get(int index) {
        return all.get(index);
    }

    @Override
    public int size() {
        return all.size();
    }
}
