package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import java.io.File;
import jenkins.model.Loadable;

/** The base of items. */
public abstract class AbstractItem extends Actionable implements Loadable, Item {
    @Override
    public ItemGroup<? extends Item> getParent() {
        return null;
    }

    @Override
    @NonNull
    public String getName() {
        return "";
    }

    @Override
    public final String getFullName() {
        return getName();
    }

    @Override
    public String getDisplayName() {
        return getName();
    }

    @Override
    public final String getUrl() {
        return "job/" + getName() + "/";
    }

    @Override
    public File getRootDir() {
        return null;
    }

    @Override
    public ACL getACL() {
        return ACL.lambda2((who, what) -> true);
    }

    @Override
    public synchronized void save() {}

    @Override
    public void load() {}
}
