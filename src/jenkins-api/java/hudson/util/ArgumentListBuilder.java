package hudson.util;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A command line, some of whose arguments are not shown. */
public class ArgumentListBuilder implements Serializable, Cloneable {
    private static final long serialVersionUID = 1L;

    private final List<String> args = new ArrayList<>();
    private final List<Boolean> masks = new ArrayList<>();

    public ArgumentListBuilder() {}

    public ArgumentListBuilder(String... args) {
        add(args);
    }

    public ArgumentListBuilder add(String a) {
        return add(a, false);
    }

    public ArgumentListBuilder add(String a, boolean mask) {
        if (a != null) {
            args.add(a);
            masks.add(mask);
        }
        return this;
    }

    public ArgumentListBuilder add(String... args) {
        for (String arg : args) {
            add(arg);
        }
        return this;
    }

    public void addMasked(String string) {
        add(string, true);
    }

    public List<String> toList() {
        return args;
    }

    public boolean[] toMaskArray() {
        boolean[] array = new boolean[masks.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = masks.get(i);
        }
        return array;
    }

    @Override
    public ArgumentListBuilder clone() {
        ArgumentListBuilder copy = new ArgumentListBuilder();
        copy.args.addAll(args);
        copy.masks.addAll(masks);
        return copy;
    }
}
