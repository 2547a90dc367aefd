"""A network that changes which expression a face shows, and how it is trained.

After StarGAN (Choi et al. 2018, "StarGAN: unified generative adversarial networks for multi-domain
image-to-image translation"): one generator for all expressions, which is told the wanted one.
There the discriminator also learns to tell expressions; here a classifier that knows them guides
the generator, which takes far fewer steps.
"""
