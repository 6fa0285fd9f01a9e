package io.jenkins.plugins.minibuild.step;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.ItemGroup;
import java.util.Optional;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/** The form of a property of folders. What a setter refuses is an error of the form. Only where there are folders: they are a plugin that need not be there. */
public abstract class FolderPropertyDescriptor extends AbstractFolderPropertyDescriptor {
    @Override
    public AbstractFolderProperty<?> newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
            throws FormException {
        return FormAdapter.bound(() -> super.newInstance(req, formData));
    }

    /** The property of a place; empty if the place is no folder or has none. */
    public static <P extends AbstractFolderProperty<?>> Optional<P> of(ItemGroup<?> place, Class<P> property) {
        return place instanceof AbstractFolder<?> folder
                ? Optional.ofNullable(folder.getProperties().get(property))
                : Optional.empty();
    }
}
