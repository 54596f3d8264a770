from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('public', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(model_name='publishedpage', old_name='etag', new_name='digest'),
        migrations.RemoveField(model_name='publishedpage', name='settled'),
    ]
