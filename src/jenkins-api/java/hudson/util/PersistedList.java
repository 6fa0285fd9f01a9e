package hudson.util;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A list that is saved with its owner. */
public class PersistedList<T> implements Iterable<T> {
    private final List<T> data = new ArrayList<>();

    protected PersistedList() {}

    public <U extends T> U get(Class<U> type) {
        return data.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Iterator<T> iterator() {
        return data.iterator();
    }
}
